/**
 * The last few pictures that were sent, by the id of their trace: in memory, and in this browser's own database so that a
 * reload has them.
 */

const STORE = 'pictures';
const MOST = 4;

/** @type {Map<string, Blob>} */
const memory = new Map();

/** @returns {Promise<IDBDatabase>} */
const database = () =>
  new Promise((done, fail) => {
    const asked = indexedDB.open('unrolled', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'id' });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answered = (request) =>
  new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

/** @param {string} id @param {Blob} image */
export async function keep(id, image) {
  memory.set(id, image);
  try {
    const store = (await database()).transaction(STORE, 'readwrite').objectStore(STORE);
    store.put({ id, image, at: Date.now() });
    const all = await answered(store.getAll());
    all
      .sort((a, b) => b.at - a.at)
      .slice(MOST)
      .forEach((old) => store.delete(old.id));
  } catch {
    /* a private window may have no database: memory has to do */
  }
}

/** @param {string} id @returns {Promise<Blob | undefined>} */
export async function kept(id) {
  if (memory.has(id)) return memory.get(id);
  try {
    return (await answered((await database()).transaction(STORE).objectStore(STORE).get(id)))?.image;
  } catch {
    return undefined;
  }
}
