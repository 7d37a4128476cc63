import type { FemtoLogRecord } from "./log-record.ts";

/** Makes what is sent for a record: an object that JSON can write. Throws for a record that cannot be sent. */
export type MapLogRecord = (record: FemtoLogRecord) => object;
