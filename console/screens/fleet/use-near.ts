import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

type Seen = (isNear: boolean, blockSize: number) => void;

const followed = new WeakMap<Element, Seen>();
let observer: IntersectionObserver | undefined;

/** One observer for all: near is what is seen, and a screen's height above and below it. */
const nearness = (): IntersectionObserver =>
  (observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, boundingClientRect } of entries) followed.get(target)?.(isIntersecting, boundingClientRect.height);
    },
    { rootMargin: '100% 0px' },
  ));

/** How high something is that is not drawn in full for now, once that is known. */
export type Nearness = { isNear: boolean; keptBlockSize: number | undefined };

/** Whether an element is near what is seen. It keeps its height when it goes away, so that nothing moves. */
export function useNear<T extends Element>(atFirst: boolean): { place: RefObject<T | null>; nearness: Nearness } {
  const place = useRef<T>(null);
  const [known, setKnown] = useState<Nearness>({ isNear: atFirst, keptBlockSize: undefined });
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    followed.set(element, (isNear, blockSize) => {
      // A sheet that is open on it stays, wherever one scrolls.
      if (!isNear && element.querySelector('dialog[open]') !== null) return;
      setKnown((before) => (before.isNear === isNear ? before : { isNear, keptBlockSize: isNear ? undefined : blockSize }));
    });
    nearness().observe(element);
    return () => nearness().unobserve(element);
  }, []);
  return { place, nearness: known };
}
