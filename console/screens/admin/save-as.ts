/** How long a browser may take to begin with a download. */
const KEPT_MS = 60_000;

/** Hands a file to the browser to be saved. */
export function saveAs(fileName: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
