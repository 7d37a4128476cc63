// An application whose winston loggers know nothing of femtologging.
import { basicConfig, FemtoFileHandler } from "femtologging";
import { captureWinston } from "femtologging/winston";
import winston from "winston";

const log = winston.createLogger({ transports: [new winston.transports.Console()] });

basicConfig({ handlers: [new FemtoFileHandler({ path: "app.log" })] });
// #region capture
const capture = captureWinston();
log.info("Order 7 is paid", { customer: "ann" }); // To the console as before, and to the file.
capture.release();
// #endregion
log.info("not captured");
