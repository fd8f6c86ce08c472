import { describe, expect, it } from 'vitest'
import { containerOf, gatewayOf } from './container-runner'
import { startDockerDouble } from './test-docker-engine'

describe('a container for commands', () => {
  it('sees the folders of its spec and nothing else, with every limit', () => {
    const body = containerOf({
      image: 'bench:1',
      purpose: 'replay',
      env: { SLOT: '7' },
      command: ['/bin/sh', '-c', 'make bench'],
      workingDir: '/workspace',
      mounts: [
        { hostPath: '/srv/w', path: '/workspace', isReadOnly: false },
        { hostPath: '/srv/a', path: '/artifact', isReadOnly: true },
      ],
      network: 'none',
      limits: { memoryBytes: 1_048_576, cpus: 1.5, maxProcesses: 512, scratchBytes: 4_096 },
    })
    expect(body).toEqual({
      Image: 'bench:1',
      User: '65534:65534',
      Env: ['SLOT=7'],
      Labels: { 'subledger.purpose': 'replay' },
      Cmd: ['/bin/sh', '-c', 'make bench'],
      WorkingDir: '/workspace',
      HostConfig: {
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
        NetworkMode: 'none',
        Memory: 1_048_576,
        MemorySwap: 1_048_576,
        NanoCpus: 1_500_000_000,
        PidsLimit: 512,
        Tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=4096' },
        RestartPolicy: { Name: 'no' },
        AutoRemove: false,
        LogConfig: { Type: 'json-file', Config: { 'max-size': '16m', 'max-file': '1' } },
        Mounts: [
          { Type: 'bind', Source: '/srv/w', Target: '/workspace', ReadOnly: false },
          { Type: 'bind', Source: '/srv/a', Target: '/artifact', ReadOnly: true },
        ],
      },
    })
  })
})

describe('a container with a bound on its open files', () => {
  it('is given it as a limit that it cannot raise', () => {
    const limits = { memoryBytes: 1, cpus: 1, maxProcesses: 1, scratchBytes: 1, maxOpenFiles: 512 }
    const { HostConfig } = containerOf({ image: 'a', purpose: 'b', env: {}, network: 'none', limits })
    expect(HostConfig).toMatchObject({ Ulimits: [{ Name: 'nofile', Soft: 512, Hard: 512 }] })
  })
})

describe('a network of containers', () => {
  it('has an address of this machine, and leads nowhere else', async () => {
    const config = (Internal: boolean) => ({ Internal, IPAM: { Config: [{ Gateway: '172.20.0.1' }] } })
    const networks = { tools: config(true), open: config(false) }
    const docker = await startDockerDouble(() => () => undefined, [], networks)
    const options = { docker: { host: '127.0.0.1', port: docker.port, protocol: 'http' } } as const
    try {
      expect(await gatewayOf('tools', options)).toBe('172.20.0.1')
      for (const name of ['open', 'missing'])
        await expect(gatewayOf(name, options)).rejects.toMatchObject({ code: 'SL-CONTAINER-NETWORK' })
    } finally {
      await docker.close()
    }
  })
})
