/** Files that are put away by size and by the clock, and how much of them is kept. */
// #region rotating
import { FemtoRotatingFileHandler, FemtoTimedRotatingFileHandler, flush, getLogger } from "femtologging";

// app.log, app.log.1.gz, app.log.2.gz …: never more than 200 MB together, never older than 30 days.
const bySize = new FemtoRotatingFileHandler({
  path: "logs/app.log",
  maxBytes: 20_000_000,
  maxTotalBytes: 200_000_000,
  maxAgeMillis: 30 * 86_400_000,
  compress: "gzip",
});

// audit.log, audit.log.2026-03-29 …: a file a day of UTC, the last 90 of them; at midnight also when nothing is logged.
const byDay = FemtoTimedRotatingFileHandler.builder()
  .path("logs/audit.log")
  .when("MIDNIGHT")
  .utc(true)
  .backupCount(90)
  .rotateWhenIdle(true)
  .fsync("error")
  .build();

getLogger().addHandler(bySize);
getLogger("audit").addHandler(byDay);

getLogger("audit").info("Order {orderId} is paid", { orderId: 7 });
// #endregion
await flush();
console.log(bySize.stats().delivered, byDay.stats().delivered);
