// Prints the id and the data of each event of the stream that is named by the environment.
import { EventSource } from 'eventsource';

const headers = { 'X-Shield-Token': process.env.TOKEN };
const source = new EventSource(process.env.URL, {
  fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
});
source.onmessage = (event) => console.log(JSON.stringify([event.lastEventId, event.data]));
source.onerror = () => {
  console.log(JSON.stringify(['', 'ended']));
  source.close();
};
