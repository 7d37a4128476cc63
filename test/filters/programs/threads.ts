// Records of another thread: a built-in filter of a handler sees them, a function of this thread does not.
import { once } from "node:events";
import { isMainThread, Worker } from "node:worker_threads";
import { basicConfig, FemtoFileHandler, FemtoMessageFilter, flush, getLogger } from "../../../src/index.ts";

function log(): void {
  for (let i = 0; i < 3; i++) for (const text of ["secret", "private", "public"]) getLogger("a").info(text);
}

if (isMainThread) {
  const handler = new FemtoFileHandler({
    path: process.argv[2] ?? "",
    filters: [
      ({ body }) => body !== "private",
      new FemtoMessageFilter({ contains: "secret", action: "drop" }),
    ],
  });
  basicConfig({ handlers: [handler] });
  await once(new Worker(new URL(import.meta.url)), "exit");
  await flush();
  process.stdout.write(JSON.stringify(handler.stats()));
} else {
  log();
}
