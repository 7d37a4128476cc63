import { createNetworkPump } from "./network-registry.ts";
import { runNetworkThread } from "./network-thread.ts";

runNetworkThread(createNetworkPump);

export { createNetworkPump };
