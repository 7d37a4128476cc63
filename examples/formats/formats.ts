/** One record in the formats of several handlers. */
// #region choices
import { FemtoEcsFormatter, FemtoFileHandler, FemtoTextFormatter, getLogger, shutdown } from "femtologging";

const log = getLogger("shop");

// By name, with all defaults.
log.addHandler(new FemtoFileHandler({ path: "app.logfmt", format: "logfmt" }));
// With options.
const formatter = new FemtoEcsFormatter({ dataset: "shop.log" });
log.addHandler(new FemtoFileHandler({ path: "app.ecs.json", formatter }));
// One's own: a module, which runs in the handler's thread.
const module = new URL("brief-format.mjs", import.meta.url);
const brief = { module, options: { separator: " | " } };
log.addHandler(new FemtoFileHandler({ path: "app.brief", formatter: brief }));
// One's own: a function, which runs in this thread, and makes it write too.
const path = "app.own";
log.addHandler(new FemtoFileHandler({ path, formatter: ({ body }) => JSON.stringify([body]) }));
// #endregion
// #region python
const lines = [
  new FemtoTextFormatter({ format: "%(levelname)-8s %(name)s %(message)s" }),
  new FemtoTextFormatter({ format: "{levelname:<8} {name} {message}", style: "{" }),
  new FemtoTextFormatter({
    format: "[$asctime] $levelname $name $message",
    style: "$",
    datefmt: "%d/%b/%Y:%H:%M:%S %z",
  }),
];
// #endregion
for (const [index, line] of lines.entries())
  log.addHandler(new FemtoFileHandler({ path: `python-${index}.log`, formatter: line }));

log.warn("Only {left} of {sku} left", { left: 2, sku: "kite", shelf: "B4" });
await shutdown();
