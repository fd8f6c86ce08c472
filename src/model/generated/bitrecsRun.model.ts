import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_, JSONColumn as JSONColumn_} from "@subsquid/typeorm-store"

/**
 * One state of a run of one problem. Projection `bitrecs_evaluations`.
 */
@Index_(["netuid", "validFrom", "fromSeq", "ordinal"], {unique: false})
@Index_(["netuid", "runId", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "evaluationId", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "agentId", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class BitrecsRun {
    constructor(props?: Partial<BitrecsRun>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    ordinal!: number

    @StringColumn_({nullable: false})
    runId!: string

    @StringColumn_({nullable: false})
    evaluationId!: string

    @StringColumn_({nullable: false})
    agentId!: string

    @StringColumn_({nullable: false})
    problem!: string

    @StringColumn_({nullable: false})
    status!: string

    @BigIntColumn_({nullable: false})
    atMs!: bigint

    @StringColumn_({nullable: true})
    patchSha256!: string | undefined | null

    @StringColumn_({nullable: true})
    agentLogsSha256!: string | undefined | null

    @StringColumn_({nullable: true})
    evalLogsSha256!: string | undefined | null

    @JSONColumn_({nullable: true})
    testResults!: unknown | undefined | null

    @IntColumn_({nullable: true})
    errorCode!: number | undefined | null

    @StringColumn_({nullable: true})
    errorMessage!: string | undefined | null

    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
