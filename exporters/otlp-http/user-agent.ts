import { product as ownProduct, version } from "../http-client/product.ts";

/**
 * The part that names the exporter and its language is the spec's; its version is ours, so the product in front of it says
 * whose exporter it is.
 *
 * @see OTLP exporter, User Agent: "OTel-OTLP-Exporter-Python/1.2.3", products "added at the front"
 */
const exporterAgent = `${ownProduct} OTel-OTLP-Exporter-JavaScript/${version}`;

/** The `User-Agent` header. @param product Named in front of ours, such as `shop/1.2`. */
export function userAgent(product: string | undefined): string {
  return product === undefined || product === "" ? exporterAgent : `${product} ${exporterAgent}`;
}
