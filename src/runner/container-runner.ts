import Docker from 'dockerode'
import { LedgerError } from '../errors/ledger-error'
import type { Sandbox, SandboxRunner, SandboxSpec } from './sandbox'

const LABEL = 'subledger.purpose'
const NANO_CPUS = 1_000_000_000
/** Nobody: no user of the image, whatever the image says. */
const USER = '65534:65534'
const STOP_GRACE_SECONDS = 2
const LOG_MAX_SIZE = '16m'

export interface ContainerRunnerOptions {
  /** Of the Docker Engine API; default: the local socket, or DOCKER_HOST. */
  readonly docker?: Docker.DockerOptions
  /** Pull the image before each start; else only when it is missing. */
  readonly isAlwaysPulled?: boolean
}

/**
 * Containers through the Docker Engine API: read-only root, no capabilities, no new privileges, no network but what the spec names.
 * @throws LedgerError SL-NO-CONTAINER-ENGINE when none answers
 */
export async function openContainerRunner(options: ContainerRunnerOptions = {}): Promise<SandboxRunner> {
  const docker = new Docker(options.docker)
  await docker.ping().catch((cause: Error) => {
    throw new LedgerError('SL-NO-CONTAINER-ENGINE', 'user', 'No container engine answers.', {
      remedy:
        'Start Docker (or set DOCKER_HOST): artifacts of strangers are never run outside of a container.',
      cause,
    })
  })
  return {
    start: (spec) => start(docker, spec, options.isAlwaysPulled === true),
    sweep: (purpose) => sweep(docker, purpose),
  }
}

/**
 * Address of this machine on a network of containers that leads nowhere else.
 * @throws LedgerError SL-CONTAINER-NETWORK when there is no such network, or it leads to other ones
 */
export async function gatewayOf(network: string, options: ContainerRunnerOptions = {}): Promise<string> {
  const found = (await new Docker(options.docker)
    .getNetwork(network)
    .inspect()
    .catch(() => undefined)) as NetworkFound | undefined
  const gateway = found?.IPAM?.Config?.find(({ Gateway }) => Gateway)?.Gateway
  if (found?.Internal === true && gateway) return gateway
  const why = found ? 'is not internal' : 'does not exist'
  throw new LedgerError('SL-CONTAINER-NETWORK', 'user', `The network ${network} of containers ${why}.`, {
    remedy: `Make one that leads nowhere but to this machine: docker network create --internal ${network}`,
    facts: { network },
  })
}

interface NetworkFound {
  readonly Internal?: boolean
  readonly IPAM?: { readonly Config?: readonly { readonly Gateway?: string }[] | null }
}

async function start(docker: Docker, spec: SandboxSpec, isAlwaysPulled: boolean): Promise<Sandbox> {
  if (isAlwaysPulled || !(await hasImage(docker, spec.image))) await pull(docker, spec.image)
  const container = await docker.createContainer(containerOf(spec))
  const remove = () => container.remove({ force: true, v: true }).catch(ignoreGone)
  try {
    await container.start()
    return {
      url: spec.httpPort === undefined ? undefined : await urlOf(container, spec.httpPort),
      wait: async () => ((await container.wait()) as { StatusCode: number }).StatusCode,
      logs: (maxBytes) => logsOf(container, maxBytes),
      async remove() {
        await container.stop({ t: STOP_GRACE_SECONDS }).catch(() => undefined)
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Everything that limits a container, in one place; a test compares it word by word. */
export function containerOf(spec: SandboxSpec): Docker.ContainerCreateOptions {
  const { limits, network, httpPort, mounts, workingDir } = spec
  const port = httpPort === undefined ? undefined : `${httpPort}/tcp`
  return {
    Image: spec.image,
    User: USER,
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: { [LABEL]: spec.purpose },
    ...(spec.command && { Cmd: [...spec.command] }),
    ...(workingDir && { WorkingDir: workingDir }),
    ...(port && { ExposedPorts: { [port]: {} } }),
    HostConfig: {
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      NetworkMode: network === 'none' ? 'none' : network.only,
      Memory: limits.memoryBytes,
      MemorySwap: limits.memoryBytes,
      NanoCpus: Math.round(limits.cpus * NANO_CPUS),
      PidsLimit: limits.maxProcesses,
      ...(limits.maxOpenFiles !== undefined && {
        Ulimits: [{ Name: 'nofile', Soft: limits.maxOpenFiles, Hard: limits.maxOpenFiles }],
      }),
      Tmpfs: { '/tmp': `rw,noexec,nosuid,nodev,size=${limits.scratchBytes}` },
      RestartPolicy: { Name: 'no' },
      AutoRemove: false,
      // What a stranger's program prints does not fill the disk.
      LogConfig: { Type: 'json-file', Config: { 'max-size': LOG_MAX_SIZE, 'max-file': '1' } },
      ...(mounts && {
        Mounts: mounts.map(({ hostPath, path, isReadOnly }) => ({
          Type: 'bind',
          Source: hostPath,
          Target: path,
          ReadOnly: isReadOnly,
        })),
      }),
      ...(port && { PortBindings: { [port]: [{ HostIp: '127.0.0.1', HostPort: '' }] } }),
    },
  }
}

async function hasImage(docker: Docker, image: string): Promise<boolean> {
  return docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    )
}

async function pull(docker: Docker, image: string): Promise<void> {
  const progress = await docker.pull(image)
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()))
  })
}

/** On a network of its own a container is reached by its address; ports are bound on the others. */
async function urlOf(container: Docker.Container, httpPort: number): Promise<string> {
  const { NetworkSettings } = await container.inspect()
  const bound = NetworkSettings.Ports[`${httpPort}/tcp`]?.[0]?.HostPort
  if (bound) return `http://127.0.0.1:${bound}`
  const [network] = Object.values(NetworkSettings.Networks)
  if (network?.IPAddress) return `http://${network.IPAddress}:${httpPort}`
  throw new Error(`port ${httpPort} of the container cannot be reached`)
}

/** The stream of a container without a terminal has an 8-byte header before each piece. */
async function logsOf(container: Docker.Container, maxBytes: number): Promise<string> {
  const raw = (await container.logs({ stdout: true, stderr: true, follow: false })) as Buffer
  const pieces: Buffer[] = []
  for (let at = 0; at + HEADER_BYTES <= raw.length; ) {
    const length = raw.readUInt32BE(at + LENGTH_OFFSET)
    pieces.push(raw.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length))
    at += HEADER_BYTES + length
  }
  return Buffer.concat(pieces).subarray(-maxBytes).toString('utf8')
}

const HEADER_BYTES = 8
const LENGTH_OFFSET = 4

async function sweep(docker: Docker, purpose: string): Promise<number> {
  const filters = { label: [`${LABEL}=${purpose}`] }
  const found = await docker.listContainers({ all: true, filters })
  for (const { Id } of found) await docker.getContainer(Id).remove({ force: true, v: true }).catch(ignoreGone)
  return found.length
}

const NOT_FOUND = 404
const CONFLICT = 409

function ignoreGone(error: { statusCode?: number }): void {
  if (error.statusCode !== NOT_FOUND && error.statusCode !== CONFLICT) throw error
}
