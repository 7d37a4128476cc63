/** What gRPC can carry of headers: for those who check options, without gRPC. */

/** @see gRPC over HTTP2, Custom-Metadata: Header-Name */
const metadataName: RegExp = /^[0-9a-z_.-]+$/;
/** @see gRPC over HTTP2, Custom-Metadata: ASCII-Value */
const metadataValue: RegExp = /^[ -~]*$/;

/** The rule in words, as the end of "must be". */
export const metadataRule =
  'must have a name of a-z, 0-9, "_", "-" and "." that does not begin with "grpc-", and a value of printable ASCII';

/**
 * Whether gRPC can carry a header; names that begin with `grpc-` are its own.
 *
 * @param name In lower case.
 */
export function isMetadata(name: string, value: string): boolean {
  return metadataName.test(name) && !name.startsWith("grpc-") && metadataValue.test(value);
}
