/** Every pino logger of the thread, without a change of the code that makes it. */
import { pino } from "pino";

// Somewhere in a library:
const libraryLog = pino({ name: "library" }, pino.destination("library.jsonl"));

// #region pino-capture
import { basicConfig } from "femtologging";
import { capturePino } from "femtologging/pino";

basicConfig({ path: "app.jsonl" });
const capture = capturePino();
// #endregion

libraryLog.warn({ entries: 1000 }, "Cache is full");
capture.release();
libraryLog.warn("Nobody captures this");
