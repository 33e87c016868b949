/** The owner's switches for the door; read on every request, so answers come from memory. */
export interface DoorSettings {
  localOnly(): boolean;
  /** Exact origins that `open()` reaches although they are private. */
  listedOrigins(): readonly string[];
}

/** The same switches with a way to turn them; a change is in force once the promise resolves. */
export interface DoorSettingsStore extends DoorSettings {
  setLocalOnly(on: boolean): Promise<void>;
  listOrigin(origin: string): Promise<void>;
  unlistOrigin(origin: string): Promise<void>;
  close(): Promise<void>;
}
