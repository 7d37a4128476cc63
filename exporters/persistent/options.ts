/** A persistent queue, as data: what a handler's thread makes its queue from. Values are taken as validated. */
export interface PersistentQueueSettings {
  /** Absolute path of the directory. It belongs to one destination; several processes may share it. */
  readonly directory: string;
  /** Bytes that the files of this handler may occupy, at least 1048576. */
  readonly maxBytes: number;
  /** `batch`: what is called safe is on the disk itself. `never`: it is with the operating system. */
  readonly fsync: "never" | "batch";
  /** Names the handler among all that there ever were: its own files are told from those of others by it. */
  readonly queueId: string;
}
