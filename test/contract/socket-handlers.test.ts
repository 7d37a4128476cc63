import { describeContract } from "./handler-contract.ts";
import { TLS_SOCKET, UNIX_SOCKET } from "./socket-destination.ts";

for (const kind of [UNIX_SOCKET, TLS_SOCKET]) describeContract(kind);
