/** A key as it was meant: what stands around it in a mail or a header line, and the breaks that a mail put into it, are no part of it. */
export const keyAsPasted = (text: string): string =>
  text
    .replace(/^\s*(Authorization:\s*)?Bearer\s+/i, '')
    .replace(/[\s"'`\u200b\ufeff]/g, '');
