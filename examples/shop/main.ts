/**
 * A shop that logs: an HTTP service of several modules, customers that send it orders, and three handlers at once. At the
 * end everything that arrived is compared with everything that was logged.
 *
 *     npm start -- --requests 5000 --logs-per-request 40
 */
import { readOptions, USAGE, type ShopOptions } from "./options.ts";
import { runShop } from "./run.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: ShopOptions | "help";
  try {
    options = readOptions(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (options === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    return await runShop(options);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}
