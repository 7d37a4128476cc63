// Captures winston, then loads copies of it. Arguments: the file, a copy to import, a copy to require.
import { createRequire } from "node:module";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import winston from "winston";

import { captureWinston } from "../../../../src/bridges/winston/index.ts";
import { basicConfig, FemtoFileHandler } from "../../../../src/index.ts";

const [, , path = "", imported = "", required = ""] = process.argv;
basicConfig({ handlers: [new FemtoFileHandler({ path })] });

function log(copy: typeof winston, text: string): void {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  copy.createLogger({ transports: [new copy.transports.Stream({ stream })] }).info(text);
}

captureWinston();
log(winston, "imported before");
const module = (await import(pathToFileURL(join(imported, "lib/winston.js")).href)) as {
  readonly default: typeof winston;
};
log(module.default, "imported");
log(createRequire(import.meta.url)(required) as typeof winston, "required");
process.exit(0);
