/** Reads messages of RFC 5424 as a server would, by the grammar of the RFC and not by what we write. */

export interface SyslogMessage {
  readonly facility: number;
  readonly severity: number;
  readonly time: string;
  readonly host: string;
  readonly app: string;
  readonly procid: string;
  readonly msgid: string;
  /** By SD-ID: names and values, in their order. */
  readonly data: Readonly<Record<string, readonly (readonly [string, string])[]>>;
  readonly msg: string;
}

const HEADER =
  /^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) /;
const PARAM = /^ ([!#-<>-\\^-~]{1,32})="((?:[^"\\\]]|\\.)*)"/s;

/** @throws {Error} It is no message of RFC 5424. */
export function parseMessage(text: string): SyslogMessage {
  const match = HEADER.exec(text);
  if (match === null) throw new Error(`This has no header of RFC 5424: ${JSON.stringify(text)}`);
  const [header, priority, time = "", host = "", app = "", procid = "", msgid = ""] = match;
  const { data, rest } = parseData(text.slice(header.length));
  if (rest !== "" && !rest.startsWith(" ")) throw new Error(`This follows structured data: ${rest}`);
  const value = Number(priority);
  return {
    facility: value >> 3,
    severity: value & 7,
    time,
    host,
    app,
    procid,
    msgid,
    data,
    msg: rest.slice(1),
  };
}

function parseData(text: string): { readonly data: SyslogMessage["data"]; readonly rest: string } {
  if (text.startsWith("-")) return { data: {}, rest: text.slice(1) };
  const data: Record<string, (readonly [string, string])[]> = {};
  let rest = text;
  for (
    let id = /^\[([!#-<>-\\^-~]{1,32})/.exec(rest);
    id !== null;
    id = /^\[([!#-<>-\\^-~]{1,32})/.exec(rest)
  ) {
    rest = rest.slice(id[0].length);
    const params: (readonly [string, string])[] = [];
    for (let param = PARAM.exec(rest); param !== null; param = PARAM.exec(rest)) {
      params.push([param[1] ?? "", (param[2] ?? "").replaceAll(/\\(["\\\]])/g, "$1")]);
      rest = rest.slice(param[0].length);
    }
    if (!rest.startsWith("]")) throw new Error(`This is no structured data: ${rest}`);
    rest = rest.slice(1);
    data[id[1] ?? ""] = params;
  }
  return { data, rest };
}

/** Takes a stream of messages apart that have their lengths in front. Keeps what is not whole. */
export class OctetCounts {
  #rest: Buffer = Buffer.alloc(0);

  /** @throws {Error} There is no length where one should be. */
  take(chunk: Buffer): string[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: string[] = [];
    for (;;) {
      const spaceAt = this.#rest.indexOf(" ");
      if (spaceAt < 0) return messages;
      const digits = this.#rest.toString("latin1", 0, spaceAt);
      if (!/^[1-9]\d*$/.test(digits)) throw new Error(`This is no length: ${JSON.stringify(digits)}`);
      const end = spaceAt + 1 + Number(digits);
      if (this.#rest.length < end) return messages;
      messages.push(this.#rest.toString("utf8", spaceAt + 1, end));
      this.#rest = this.#rest.subarray(end);
    }
  }
}
