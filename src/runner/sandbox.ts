/** What may run, and how little it may do: the same for every subnet's evaluations. */
export interface SandboxSpec {
  readonly image: string
  /** Name prefix and label, so that what a crash left behind is found again. */
  readonly purpose: string
  readonly env: Readonly<Record<string, string>>
  /** Replaces the image's own command. */
  readonly command?: readonly string[]
  /** Port within the sandbox on which it serves HTTP; absent: it only runs. */
  readonly httpPort?: number
  /** none: no network at all. A name: this network only, on which nothing but the inference proxy answers. */
  readonly network: 'none' | { readonly only: string }
  readonly limits: SandboxLimits
  /** Folders of this machine that it sees; nothing else of this machine is there. */
  readonly mounts?: readonly SandboxMount[]
  /** Where the command starts; default: as the image says. */
  readonly workingDir?: string
}

export interface SandboxMount {
  readonly hostPath: string
  /** Absolute path within the sandbox. */
  readonly path: string
  readonly isReadOnly: boolean
}

export interface SandboxLimits {
  readonly memoryBytes: number
  readonly cpus: number
  readonly maxProcesses: number
  /** Absent: as the engine says. */
  readonly maxOpenFiles?: number
  /** Scratch space at /tmp; everything else is read-only. */
  readonly scratchBytes: number
}

export interface Sandbox {
  /** `http://host:port`, when the spec names a port. */
  readonly url: string | undefined
  /** Resolves with the exit status. */
  wait(): Promise<number>
  /** Standard output and error together, the last bytes of them. */
  logs(maxBytes: number): Promise<string>
  /** Ends it and removes what it left. Safe to call twice. */
  remove(): Promise<void>
}

/** Starts sandboxes: containers in production, a double of the same HTTP contract in tests. */
export interface SandboxRunner {
  start(spec: SandboxSpec): Promise<Sandbox>
  /** Removes sandboxes of this purpose that a crash of ours left running. @returns how many */
  sweep(purpose: string): Promise<number>
}
