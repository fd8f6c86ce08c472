export type PatchRejection =
  | 'patch_too_large'
  | 'unparseable_patch_surface'
  | 'generated_python_cache_paths'
  | 'disallowed_patch_paths'

export interface PatchVerdict {
  readonly rejection?: PatchRejection
  /** Paths the patch touches, in order of appearance. */
  readonly paths: readonly string[]
  /** Paths that caused the rejection. */
  readonly offending: readonly string[]
}

/** What is known of a patch when its surface is checked; the limit counts UTF-8 bytes. */
export interface PatchSurface {
  readonly bytes: number
  readonly paths: readonly string[]
}

/** The rules in the order the replay applies them; the limit itself still passes (spec autoresearch §7). */
export function checkSurface(
  { bytes, paths }: PatchSurface,
  allowed: readonly string[],
  maxBytes: number,
): PatchVerdict {
  const reject = (rejection: PatchRejection, offending: readonly string[] = []) => ({
    rejection,
    paths,
    offending,
  })
  if (bytes > maxBytes) return reject('patch_too_large')
  if (bytes > 0 && paths.length === 0) return reject('unparseable_patch_surface')
  const caches = paths.filter((path) => /\.py[co]$/.test(path))
  if (caches.length > 0) return reject('generated_python_cache_paths', caches)
  const globs = allowed.map(globPattern)
  const outside = paths.filter((path) => isUnsafe(path) || !globs.some((glob) => glob.test(path)))
  return outside.length > 0 ? reject('disallowed_patch_paths', outside) : { paths, offending: [] }
}

/** Checks a patch text. An empty patch touches nothing and passes; whether it may be empty is the submission's rule. */
export function checkPatch(patch: string, allowed: readonly string[], maxBytes: number): PatchVerdict {
  const bytes = new TextEncoder().encode(patch).length
  return checkSurface({ bytes, paths: bytes > maxBytes ? [] : patchPaths(patch) }, allowed, maxBytes)
}

/** `*` would otherwise let `src/*` reach out of the tree. */
function isUnsafe(path: string): boolean {
  return path.startsWith('/') || path.split('/').includes('..')
}

/**
 * Paths named by the file headers of a unified or git diff: both sides of every file, renames and copies included, so that
 * neither a deletion nor a move can leave the surface unseen. Headers inside hunks are text, not headers.
 */
export function patchPaths(patch: string): string[] {
  const found = new Set<string>()
  let rest = NO_HUNK
  for (const line of patch.split('\n')) {
    // A line that no hunk can hold ends it, whatever its header promised: a false count must not hide the next file.
    if (rest !== NO_HUNK && /^[ +\-\\]|^\r?$/.test(line)) {
      rest = afterHunkLine(rest, line)
      if (rest.before <= 0 && rest.after <= 0) rest = NO_HUNK
      continue
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line)
    rest = hunk ? { before: Number(hunk[1] ?? 1), after: Number(hunk[2] ?? 1) } : NO_HUNK
    if (!hunk) for (const path of headerPaths(line)) found.add(path)
  }
  return [...found]
}

interface HunkRest {
  readonly before: number
  readonly after: number
}

const NO_HUNK: HunkRest = { before: 0, after: 0 }

function afterHunkLine({ before, after }: HunkRest, line: string): HunkRest {
  if (line.startsWith('-')) return { before: before - 1, after }
  if (line.startsWith('+')) return { before, after: after - 1 }
  return line.startsWith('\\') ? { before, after } : { before: before - 1, after: after - 1 }
}

function headerPaths(line: string): string[] {
  const git = /^diff --git (?:"a\/(.+?)"|a\/(.+?)) (?:"b\/(.+)"|b\/(.+))$/.exec(line.trimEnd())
  if (git) return [git[1] ?? git[2]!, git[3] ?? git[4]!].map(unquote)
  const side = /^(?:---|\+\+\+) (?:"(.+)"|([^\t]+))/.exec(line.trimEnd())
  if (side) {
    const path = unquote(side[1] ?? side[2]!)
    return path === '/dev/null' ? [] : strippedPaths(path)
  }
  const moved = /^(?:rename|copy) (?:from|to) (?:"(.+)"|(.+))$/.exec(line.trimEnd())
  return moved ? [unquote(moved[1] ?? moved[2]!)] : []
}

/**
 * Applying strips the first component. Without the usual `a/` or `b/` the path that is written is not the one that is read, so both
 * have to be allowed.
 */
function strippedPaths(path: string): string[] {
  const stripped = path.slice(path.indexOf('/') + 1)
  return /^[ab]\//.test(path) || stripped === path ? [stripped] : [path, stripped]
}

/** git writes unusual bytes of a path as octal escapes inside quotes. */
function unquote(path: string): string {
  if (!path.includes('\\')) return path
  const bytes: number[] = []
  for (let i = 0; i < path.length; i++) {
    const octal = /^\\([0-7]{3})/.exec(path.slice(i, i + 4))
    if (octal) {
      bytes.push(Number.parseInt(octal[1]!, 8))
      i += 3
    } else if (path[i] === '\\') bytes.push(...new TextEncoder().encode(path[++i] ?? ''))
    else bytes.push(...new TextEncoder().encode(path[i]!))
  }
  return new TextDecoder().decode(Uint8Array.from(bytes))
}

/** fnmatch: `*` and `?` cross slashes, `[…]` and `[!…]` are sets, everything else is literal. */
export function globPattern(glob: string): RegExp {
  let pattern = ''
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i]!
    if (c === '*') pattern += '[\\s\\S]*'
    else if (c === '?') pattern += '[\\s\\S]'
    else if (c === '[') {
      const end = glob.indexOf(']', i + (glob[i + 1] === '!' ? 3 : 2))
      if (end < 0) pattern += '\\['
      else {
        const set = glob.slice(i + 1, end).replace(/[\\\]^]/g, '\\$&')
        pattern += `[${set.replace(/^!/, '^')}]`
        i = end
      }
    } else pattern += c.replace(/[.+^${}()|\\\]/]/g, '\\$&')
  }
  try {
    return new RegExp(`^${pattern}$`, 'u')
  } catch {
    // A set such as [z-a] matches nothing in fnmatch.
    return /(?!)/
  }
}
