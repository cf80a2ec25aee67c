import type { Page } from 'playwright-core';

/**
 * What can be pressed that is smaller than a gloved finger needs, 48 px each way, counted by where a press takes effect; links
 * in the middle of a sentence may be smaller. It scrolls through the page and comes back to its top.
 */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const LEAST = 47.5;
    const root = document.querySelector('dialog[open]') ?? document.body;
    const isWithinText = (element: Element): boolean =>
      getComputedStyle(element).display === 'inline' &&
      [...(element.parentElement?.childNodes ?? [])].some((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '');
    const isLarge = ({ width, height }: { width: number; height: number }): boolean => width >= LEAST && height >= LEAST;
    /** How far from its middle a press on it is still a press on it, each way together. */
    const pressed = (element: Element): { width: number; height: number } => {
      element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      const box = element.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const reach = (dx: number, dy: number): number => {
        let far = 0;
        while (far <= 48 && element.contains(document.elementFromPoint(x + dx * (far + 0.5), y + dy * (far + 0.5)))) far += 0.5;
        return far;
      };
      return { width: reach(1, 0) + reach(-1, 0), height: reach(0, 1) + reach(0, -1) };
    };
    const all = root.querySelectorAll('a[href], button, input:not([type="hidden"]), select, textarea, summary, [role="button"], [role="switch"], [role="tab"]');
    const small = [...all].flatMap((element) => {
      if (!element.checkVisibility({ visibilityProperty: true }) || isWithinText(element)) return [];
      // A press on a label is a press on what it is for.
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
      const presses = /^(checkbox|radio|file)$/.test(element.getAttribute('type') ?? '') ? [element, ...labels] : [element];
      const boxes = presses.map((each) => each.getBoundingClientRect());
      // What is shown to the keyboard alone waits outside the page.
      if (boxes.some(isLarge) || boxes.every(({ bottom, right }) => bottom + scrollY <= 0 || right + scrollX <= 0)) return [];
      const { width, height } = pressed(element);
      return isLarge({ width, height }) ? [] : [`${width} × ${height} px: ${element.outerHTML.slice(0, 200)}`];
    });
    scrollTo({ top: 0, behavior: 'instant' });
    return small;
  });

/** What makes the page scroll sideways; nothing where it does not. */
export const sidewaysOverflow = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const scrolled = [document.documentElement, ...document.querySelectorAll('dialog[open], dialog[open] .sheet-body')];
    return scrolled.flatMap((root) => {
      if (root.scrollWidth <= root.clientWidth) return [];
      const { left, right } = root === document.documentElement ? { left: 0, right: root.clientWidth } : root.getBoundingClientRect();
      const beyond = [...root.querySelectorAll('*')].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && (box.right > right + 0.5 || box.left < left - 0.5);
      });
      return [`${root.scrollWidth} px of ${root.clientWidth}`, ...beyond.slice(-5).map((element) => element.outerHTML.slice(0, 200))];
    });
  });
