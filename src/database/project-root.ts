import { existsSync } from 'node:fs'
import path from 'node:path'

/** Folder of package.json, from the sources as well as from the compiled files below `lib/`. */
export function projectRoot(): string {
  let folder = __dirname
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder)
    if (parent === folder) throw new Error('package.json not found above the compiled files')
    folder = parent
  }
  return folder
}
