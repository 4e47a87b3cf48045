import type { Page } from 'playwright-core';

/**
 * What programs write and people do not read. Text that is shown to the letter says so in its element: `code`, `pre`,
 * and whatever must not be translated (`translate="no"`), such as the code that a policy's author gives to a reason.
 */
const PATTERNS: Readonly<Record<string, RegExp>> = {
  'a UUID': /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i,
  'a code': /(?<![\w@./-])(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w@])/,
  'a name of the wire': /(?<![\w@./-])[a-z]+(?:_[a-z]+)*\.[a-z]+_[a-z_.]+/,
  JSON: /[[{]\s*"|":\s*["\d{[]/,
  'an instant': /\d{4}-\d\d-\d\d(?:T|\b)/,
  'a number as English writes it': /(?<![\d.,:/\w-])\d+\.(?:\d{1,2}|\d{4,})(?![\d.\w])|\d,\d{3}\.\d/,
  'no value': /\b(?:undefined|null|NaN|Infinity|true|false)\b|\[object /,
};

/** What stands on a page that people cannot read, each with the words around it. */
export async function notForPeople(page: Page, where = 'body'): Promise<readonly string[]> {
  const texts = await page.evaluate<
    readonly string[]
  >(`[...document.querySelectorAll('${where}')].flatMap((root) => {
    const texts = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const { parentElement: element } = node;
      if (element.closest('script, style, code, pre, [translate=no]') === null && element.checkVisibility())
        texts.push(node.data.trim());
    }
    return [...texts, ...[...root.querySelectorAll('[title], [aria-label]')].flatMap((element) =>
      element.closest('[translate=no]') === null
        ? [element.getAttribute('title') ?? '', element.getAttribute('aria-label') ?? '']
        : [])];
  })`);
  return [...new Set(texts)].flatMap((text) =>
    Object.entries(PATTERNS).flatMap(([what, pattern]) => (pattern.test(text) ? [`${what}: ${text}`] : [])),
  );
}
