import { DeliverySender } from "../delivery/sender.ts";
import type { Connection } from "./connection.ts";
import { HttpTransport, type HttpTransportParts } from "./http-transport.ts";

/** Makes a sender of requests to one URL. The sender belongs to the thread that made it. */
export function createHttpClientSender(parts: HttpTransportParts): DeliverySender<Connection> {
  const { options, target } = parts;
  return new DeliverySender({ transport: new HttpTransport(parts), options, shownUrl: target.shownUrl });
}
