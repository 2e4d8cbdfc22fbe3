/** Where a worker's program begins. */

import { Worker, type FromWorker, type ToWorker } from "./worker";

interface Scope {
  onmessage: ((event: { data: ToWorker }) => void) | null;
  postMessage(message: FromWorker): void;
}

const scope = self as unknown as Scope;
const worker = new Worker({
  send: (message) => scope.postMessage(message),
  pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
});
scope.onmessage = (event) => void worker.receive(event.data);
