/** Made by the build: where the catalogue of each language is, as data. */
declare module 'virtual:catalogue-addresses' {
  const addresses: Record<import('./language.ts').Language, string>;
  export default addresses;
}
