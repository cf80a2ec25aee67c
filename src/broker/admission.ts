/** What a listener asks of and tells the one who took a byte stream from it. */
export type Admission = {
  /** Whether whoever is at the other end has been let in. */
  isLetIn(): boolean;
  /** Bytes came in a frame of their own, which costs something even where it is empty. */
  takeFrame(): void;
};
