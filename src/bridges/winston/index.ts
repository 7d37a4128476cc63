export { FemtoWinstonTransport, type WinstonTransportOptions } from "./transport.ts";
export { femtoFormat, type WinstonFormatOptions } from "./femto-format.ts";
export { captureWinston, type WinstonCaptureOptions } from "./capture-winston.ts";
export type { WinstonLevels } from "../../options/winston-options.ts";
export type { Capture } from "../capture.ts";
