/** Customers, with a fixed seed: the same orders in every run, and for each the status that it must get. */
import { Agent, request, type Dispatcher } from "undici";
import { FIXED_RECORD_COUNT } from "./checkout.ts";
import { SOLD_OUT_SKU } from "./inventory.ts";
import type { Order } from "./orders.ts";

/** Requests that are under way at once, each on a connection that it keeps. */
const CUSTOMER_COUNT = 8;
const SEED = 20_240_229;

const SKUS = ["apple", "bicycle", "candle", "drum", "easel", "flute", "globe", "hammock", "kite", "lantern"];
const TENANTS = ["acme", "globex", "initech"];

/** The bank that nobody can reach. */
export const CLOSED_BANK = "closed-bank";

/** How many orders are sent, and where to. */
export interface Campaign {
  /** Of the shop. */
  readonly origin: string;
  readonly requestCount: number;
  /** Records of an order that goes well. */
  readonly logsPerRequest: number;
  /** No more orders are sent once this is aborted; those under way are finished. */
  readonly signal: AbortSignal;
  /** Is told after each answer how many there were. */
  readonly onAnswer: (answerCount: number) => void;
}

/** What came of it. */
export interface CampaignResult {
  /** Milliseconds from sending a request to the end of its answer. */
  readonly latencies: readonly number[];
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Answers that were not those that the order must get, in words. */
  readonly surprises: readonly string[];
}

interface PlannedRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
}

/** Sends all orders and waits for their answers. */
export async function sendOrders(campaign: Campaign): Promise<CampaignResult> {
  const { origin, requestCount, signal, onAnswer } = campaign;
  const latencies: number[] = [];
  const statuses = new Map<number, number>();
  const surprises: string[] = [];
  const dispatcher = new Agent({ connections: CUSTOMER_COUNT, pipelining: 1 });
  let next = 0;
  const customer = async (): Promise<void> => {
    while (next < requestCount && !signal.aborted) {
      const orderId = next++;
      const planned = planRequest(orderId, campaign.logsPerRequest);
      const startMillis = performance.now();
      const status = await send(`${origin}/orders`, { planned, dispatcher });
      latencies.push(performance.now() - startMillis);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status !== planned.status)
        surprises.push(`order ${orderId} was answered ${status}, not ${planned.status}`);
      onAnswer(latencies.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: CUSTOMER_COUNT }, customer));
  } finally {
    await dispatcher.close();
  }
  return { latencies, statuses, surprises };
}

/** One order in forty goes wrong, in three ways by turns. Depends on nothing but its arguments. */
function planRequest(orderId: number, logsPerRequest: number): PlannedRequest {
  const random = randomNumbers(SEED + orderId);
  const trouble = orderId % 40 === 7 ? Math.floor(orderId / 40) % 3 : undefined;
  const lines = Array.from({ length: logsPerRequest - FIXED_RECORD_COUNT }, () => ({
    sku: pick(SKUS, random),
    quantity: 1 + Math.floor(random() * 9),
  }));
  if (trouble === 1) lines.splice(lines.length >> 1, 1, { sku: SOLD_OUT_SKU, quantity: 1 });
  const bank = trouble === 2 ? CLOSED_BANK : "house-bank";
  const order: Order = { orderId, customer: `customer-${Math.floor(random() * 500)}`, bank, lines };
  const body = JSON.stringify(order);
  const headers = {
    "content-type": "application/json",
    traceparent: `00-${hex(random, 32)}-${hex(random, 16)}-01`,
    "x-request-id": hex(random, 12),
    "x-tenant": pick(TENANTS, random),
  };
  if (trouble === 0) return { body: body.slice(0, -2), headers, status: 400 };
  return { body, headers, status: trouble === 1 ? 409 : trouble === 2 ? 502 : 201 };
}

interface Sending {
  readonly planned: PlannedRequest;
  readonly dispatcher: Dispatcher;
}

async function send(url: string, { planned, dispatcher }: Sending): Promise<number> {
  const { statusCode, body } = await request(url, {
    dispatcher,
    method: "POST",
    headers: planned.headers,
    body: planned.body,
  });
  await body.dump();
  return statusCode;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(values: readonly T[], random: () => number): T {
  return values[Math.floor(random() * values.length)] as T;
}

function hex(random: () => number, digitCount: number): string {
  return Array.from({ length: digitCount }, () => Math.floor(random() * 16).toString(16)).join("");
}
