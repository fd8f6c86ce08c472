import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_, JSONColumn as JSONColumn_} from "@subsquid/typeorm-store"

/**
 * What a miner handed in, as it came. Projection `autoresearch_submissions` (platform log).
 */
@Index_(["netuid", "submissionId"], {unique: false})
@Index_(["netuid", "taskId"], {unique: false})
@Index_(["netuid", "hotkey"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchSubmission {
    constructor(props?: Partial<AutoresearchSubmission>) {
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
    submissionId!: string

    @StringColumn_({nullable: false})
    claimId!: string

    @StringColumn_({nullable: false})
    taskId!: string

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    @StringColumn_({nullable: false})
    baseRef!: string

    @StringColumn_({nullable: true})
    baseCommit!: string | undefined | null

    @StringColumn_({nullable: true})
    patchSha256!: string | undefined | null

    @IntColumn_({nullable: false})
    patchBytes!: number

    @StringColumn_({nullable: true})
    artifactUri!: string | undefined | null

    @StringColumn_({nullable: true})
    artifactSha256!: string | undefined | null

    @BigIntColumn_({nullable: true})
    artifactBytes!: bigint | undefined | null

    @StringColumn_({nullable: false})
    summary!: string

    /**
     * shown, never decisive
     */
    @JSONColumn_({nullable: false})
    claimedMetrics!: unknown

    @StringColumn_({nullable: true})
    idea!: string | undefined | null

    @StringColumn_({nullable: true})
    parent!: string | undefined | null

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    receivedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
