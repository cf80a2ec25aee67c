/**
 * Small things that a device keeps: `lasting` until someone clears them, `forTab` until the tab is closed. A browser that
 * lets nothing be kept, as some do in private windows, keeps it for as long as the page is open.
 */
const places = { lasting: () => localStorage, forTab: () => sessionStorage };
const inMemory = new Map<string, string>();

type Place = keyof typeof places;

const nameOf = (name: string): string => `feederbridge.${name}`;

export function readKept(place: Place, name: string): string | undefined {
  try {
    return places[place]().getItem(nameOf(name)) ?? inMemory.get(name);
  } catch {
    return inMemory.get(name);
  }
}

/** Keeps a text, or forgets it where it is undefined. */
export function keep(place: Place, name: string, text: string | undefined): void {
  if (text === undefined) inMemory.delete(name);
  else inMemory.set(name, text);
  try {
    if (text === undefined) places[place]().removeItem(nameOf(name));
    else places[place]().setItem(nameOf(name), text);
  } catch {
    // Kept in memory alone.
  }
}
