import { describe, expect, it } from 'vitest'
import { containerOf } from './container-runner'

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
        Mounts: [
          { Type: 'bind', Source: '/srv/w', Target: '/workspace', ReadOnly: false },
          { Type: 'bind', Source: '/srv/a', Target: '/artifact', ReadOnly: true },
        ],
      },
    })
  })
})
