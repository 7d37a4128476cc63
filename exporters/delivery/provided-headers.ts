// Headers of a function of the application, within the limits of an attempt.
import { headersFailed, shutDown, timedOut } from "./failure-codes.ts";
import type { Headers, HeaderSource } from "./header-source.ts";
import { describeDuration } from "./outcome.ts";
import { escapePeerText } from "./peer-text.ts";
import type { AttemptOptions } from "./transport.ts";
import type { Failure } from "./verdict.ts";
import { startTimer } from "./waiting.ts";

/** The headers for an attempt, or why it fails without them. */
export type HeadersResult =
  | { readonly headers: Headers; readonly failure?: undefined }
  | { readonly failure: Failure; readonly headers?: undefined };

/** Asks for headers as long as an attempt may take. Never rejects. What fails is worth another attempt. */
export async function provideHeaders(source: HeaderSource, options: AttemptOptions): Promise<HeadersResult> {
  const { signal, timeoutMillis } = options;
  const end = Promise.withResolvers<HeadersResult>();
  const stop = (): void => {
    const isShutDown = signal.reason === shutDown;
    end.resolve(
      isShutDown
        ? failureOf(shutDown, "shut down before there were headers")
        : failureOf(timedOut, 'no headers in time from "headersModule"'),
    );
  };
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const timer = startTimer(timeoutMillis === 0 ? undefined : timeoutMillis, () => {
    const detail = `no headers from "headersModule" within ${describeDuration(timeoutMillis)} ("timeoutMillis")`;
    end.resolve(failureOf(headersFailed, detail));
  });
  source.get().then(
    (headers) => end.resolve({ headers }),
    (error: unknown) => end.resolve(failureOf(headersFailed, detailOf(error), error)),
  );
  const result = await end.promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
  return result;
}

function detailOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `no headers from "headersModule": ${escapePeerText(message)}`;
}

function failureOf(reason: string, detail: string, error?: unknown): HeadersResult {
  const cause = error instanceof Error ? error : undefined;
  return {
    failure: {
      isAccepted: false,
      reason,
      detail,
      isRetryable: true,
      retryAfterMillis: undefined,
      isUnanswered: false,
      cause,
    },
  };
}
