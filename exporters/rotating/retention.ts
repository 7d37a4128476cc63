/** A rotated file, by its name. */
export interface BackupFile {
  readonly path: string;
  /** ".gz" or ".zst" where it is compressed, else "". */
  readonly extension: string;
  /** Its number, or the name of its interval: the same for a file and its compressed copy. */
  readonly key: string;
}

/** A rotated file, as found on the disk. */
export interface Backup extends BackupFile {
  readonly byteCount: number;
  /** When it was last written, in ms since 1970. */
  readonly modifiedMillis: number;
  readonly inode: number;
}

/** What is kept; 0 is no limit. */
export interface RetentionLimits {
  readonly backupCount: number;
  readonly maxAgeMillis: number;
  /** Bytes of all rotated files together. */
  readonly backupBytes: number;
}

/**
 * Chooses the rotated files beyond the count. Pure.
 *
 * @param files The newest first.
 * @param backupCount 0 for no limit.
 */
export function chooseSurplus<File extends BackupFile>(files: readonly File[], backupCount: number): File[] {
  const keys = new Set<string>();
  return files.filter(({ key }) => keys.add(key).size > backupCount && backupCount > 0);
}

/**
 * Chooses the rotated files that are to be deleted: those beyond the count, those too old, and the oldest of those that
 * are too many bytes together. Pure.
 *
 * @param backups The newest first.
 * @param now In ms since 1970.
 */
export function chooseExpired(
  backups: readonly Backup[],
  limits: RetentionLimits & { readonly now: number },
): Backup[] {
  const { backupCount, maxAgeMillis, backupBytes, now } = limits;
  const surplus = new Set(chooseSurplus(backups, backupCount));
  let byteCount = 0;
  return backups.filter((backup) => {
    byteCount += backup.byteCount;
    if (surplus.has(backup)) return true;
    if (maxAgeMillis > 0 && now - backup.modifiedMillis > maxAgeMillis) return true;
    return backupBytes > 0 && byteCount > backupBytes;
  });
}
