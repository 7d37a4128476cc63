import { createSocket } from "node:dgram";
import { once } from "node:events";
import { onTestFinished } from "vitest";

const HEADER_BYTES = 12;
const TYPE_A = 1;
/** A pointer to the name in the question, type A, class IN, no time to live, 4 bytes of address. */
const ANSWER_HEAD: readonly number[] = [0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4];

/**
 * Starts a name server that knows these IPv4 addresses for every name, until the end of the test.
 *
 * @returns Its port on 127.0.0.1, UDP.
 * @see RFC 1035, 4.1
 */
export async function startNameServer(addresses: readonly string[]): Promise<number> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) =>
    socket.send(answerTo(query, addresses), port, address, () => {}),
  );
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  return socket.address().port;
}

function answerTo(query: Buffer, addresses: readonly string[]): Buffer {
  const nameEnd = query.indexOf(0, HEADER_BYTES) + 1;
  const question = query.subarray(HEADER_BYTES, nameEnd + 4);
  const found = query.readUInt16BE(nameEnd) === TYPE_A ? addresses : [];
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  // A response without an error, with recursion.
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found.length, 6);
  const answers = found.map((address) => Buffer.from([...ANSWER_HEAD, ...address.split(".").map(Number)]));
  return Buffer.concat([header, question, ...answers]);
}
