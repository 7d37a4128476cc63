// An application that logs by winston, moved to femtologging: two lines are new, no call is another.
import { basicConfig, FemtoFileHandler } from "femtologging";
import { FemtoWinstonTransport } from "femtologging/winston";
import winston from "winston";

basicConfig({ handlers: [new FemtoFileHandler({ path: "app.log" })] });

// #region swap
const log = winston.createLogger({
  level: "debug",
  format: winston.format.combine(winston.format.errors({ stack: true }), winston.format.splat()),
  defaultMeta: { service: "shop" },
  transports: [new FemtoWinstonTransport({ handleExceptions: true })], // was: new winston.transports.File({ … })
});
// #endregion

log.info("Order %d is paid", 7, { customer: "ann" });
log.child({ requestId: "r1" }).debug("cart is empty");
log.error("Order 8 is lost", new RangeError("no such order"));

// #region end
log.end();
log.on("finish", () => process.exit(0)); // All of it is in the file.
// #endregion
