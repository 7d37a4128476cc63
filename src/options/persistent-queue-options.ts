/** What a persistent queue takes: the option `persistentQueue` of handlers that send OTLP. */
export const PERSISTENT_QUEUE_OPTIONS = {
  directory: {
    type: "path",
    required: true,
    alsoKnownAs: ["path", "folder", "storage"],
    description:
      "Where the files are. Made when it is missing, for this user only. It belongs to one destination: processes that log to the same one may share it, each with files of its own, and take over what those that have ended left there.",
  },
  maxBytes: {
    type: "integer",
    unit: "bytes",
    default: 1_073_741_824,
    minimum: 1_048_576,
    maximum: 1_099_511_627_776,
    alsoKnownAs: ["maxSize", "maxTotalBytes"],
    description:
      "How much the files of one handler may occupy. When that much waits, records stay in memory until there is room, as long as they would without a persistent queue, and are then counted as `spool_full`.",
  },
  fsync: {
    type: "enum",
    values: ["never", "batch"],
    default: "never",
    description:
      "What survives: with `never` what was taken survives the end of the process, however it ends; with `batch` also a power cut, since each batch is on the disk itself before it is called safe.",
  },
} as const;

/** The option itself, for the tables of handlers. */
export const PERSISTENCE_OPTIONS = {
  persistentQueue: {
    type: "group",
    // A getter because `isolatedDeclarations` wants the type of a reference written down.
    get table(): typeof PERSISTENT_QUEUE_OPTIONS {
      return PERSISTENT_QUEUE_OPTIONS;
    },
    default: false,
    alsoKnownAs: ["storage", "diskBuffer", "spool"],
    description:
      "Puts every batch into files before it is sent, and sends it from there, in order, until the peer has it: records outlive an outage of the peer and the end of the process. See docs/persistent-queue.md.",
  },
} as const;
