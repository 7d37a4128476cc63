/**
 * Writes to a stream of the application, on its event loop. Resolves when the stream has called back, or never where it never does.
 *
 * @param bytes Left as they are until then.
 * @returns Why the stream has not taken them; undefined when it has. Never rejects.
 */
export function writeStream(stream: NodeJS.WritableStream, bytes: Buffer): Promise<Error | undefined> {
  return new Promise((resolve) => {
    let isFinished = false;
    const finish = (error?: Error | null): void => {
      if (isFinished) return;
      isFinished = true;
      stream.off("close", onClose);
      // A stream that fails emits 'error' after it has called back: without a listener that would end the process.
      setImmediate(() => stream.off("error", onError));
      resolve(error instanceof Error ? error : undefined);
    };
    const onError = (error: Error): void => finish(error);
    const onClose = (): void => finish(new Error("it was closed"));
    stream.on("error", onError);
    stream.on("close", onClose);
    const failure = failureOf(stream);
    if (failure === undefined) tryWrite(stream, bytes, finish);
    else finish(failure);
  });
}

/** A stream that has failed before may never call back. */
function failureOf(stream: NodeJS.WritableStream): Error | undefined {
  return (stream as { readonly errored?: Error | null }).errored ?? undefined;
}

function tryWrite(
  stream: NodeJS.WritableStream,
  bytes: Buffer,
  onWritten: (error?: Error | null) => void,
): void {
  try {
    stream.write(bytes, onWritten);
  } catch (error) {
    onWritten(error as Error);
  }
}
