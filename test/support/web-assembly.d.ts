declare global {
  // What Node has and its types do not tell; those of browsers do, where both are looked at together.
  var WebAssembly: { compile(bytes: Uint8Array): Promise<object> };
}

export {};
