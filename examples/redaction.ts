/** What must not be in logs, named once. */
// #region redaction
import { basicConfig, flush, getLogger } from "femtologging";

basicConfig({ path: "logins.jsonl", redact: ["password", "**.token", 'headers["set-cookie"]'] });
const log = getLogger("shop.login");

log.info("Login of {user}", { user: "Ann", password: "kite" });
log.info("Answer", { headers: { "Set-Cookie": "sid=1", etag: "7" }, sessions: [{ id: 1, token: "x" }] });
log.with({ token: "y" }).info("{user} is back", { user: "Ann" });
await flush();
// #endregion
