import { createNetworkPump } from "./grpc-registry.ts";
import { runNetworkThread } from "./network-thread.ts";

runNetworkThread(createNetworkPump);

export { createNetworkPump };
