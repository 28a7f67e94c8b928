/** The service worker: keeps what the query page needs, for when there is no network. FILES stands before this text. */
const KEPT = "query-page";
const paths = new Set(FILES);

/** The path of a file that is kept, from an address; hosts may leave out the ending of a page. */
function known(address) {
  if (!address.startsWith(self.registration.scope)) return null;
  const path = address.slice(self.registration.scope.length).split(/[?#]/)[0];
  return [path, `${path}.html`].find((file) => paths.has(file)) ?? null;
}

const key = (path) => new URL(path, self.registration.scope).href;

async function keep(path, response) {
  const kept = await caches.open(KEPT);
  const { body, headers, status } = response.clone(); // a copy may be shown as a page even if it came by a redirect
  await kept.put(key(path), new Response(body, { headers, status }));
}

async function fetched(path, request) {
  const response = await fetch(request).catch(() => null); // there is no network
  if (response?.ok) {
    await keep(path, response);
    return response;
  }
  return (await caches.match(key(path))) ?? response ?? Response.error();
}

async function all() {
  await Promise.all(
    FILES.map(async (path) => {
      const response = await fetch(key(path));
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      await keep(path, response);
    }),
  );
}

async function clean() {
  const kept = await caches.open(KEPT);
  const old = (await kept.keys()).filter(({ url }) => known(url) === null);
  await Promise.all(old.map((request) => kept.delete(request)));
  await self.clients.claim();
}

self.addEventListener("install", (event) => event.waitUntil(all().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(clean()));
self.addEventListener("fetch", (event) => {
  const path = event.request.method === "GET" ? known(event.request.url) : null;
  if (path) event.respondWith(fetched(path, event.request));
});
