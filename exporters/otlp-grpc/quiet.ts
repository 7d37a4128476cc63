import { logVerbosity, setLogVerbosity } from "@grpc/grpc-js";

/**
 * Has grpc-js write nothing to stderr about connections that fail: their errors are reported. What `GRPC_VERBOSITY` or
 * `GRPC_NODE_VERBOSITY` ask for stays. For threads that have a grpc-js of their own.
 */
export function silenceGrpc(env: NodeJS.ProcessEnv = process.env): void {
  const isAsked = env["GRPC_VERBOSITY"] !== undefined || env["GRPC_NODE_VERBOSITY"] !== undefined;
  if (!isAsked) setLogVerbosity(logVerbosity.NONE);
}
