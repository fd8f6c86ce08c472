import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, JSONColumn as JSONColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * Result of a replay with the time it took to come. Projection `autoresearch_jobs` (platform log).
 */
@Index_(["netuid", "validator"], {unique: false})
@Index_(["netuid", "submissionId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchJobResult {
    constructor(props?: Partial<AutoresearchJobResult>) {
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
    jobId!: string

    @StringColumn_({nullable: false})
    submissionId!: string

    @BytesColumn_({nullable: false})
    validator!: Uint8Array

    @StringColumn_({nullable: false})
    status!: string

    @StringColumn_({nullable: true})
    reasonCode!: string | undefined | null

    @JSONColumn_({nullable: false})
    observedMetrics!: unknown

    @StringColumn_({nullable: false})
    notes!: string

    @StringColumn_({nullable: true})
    logSha256!: string | undefined | null

    /**
     * available, unavailable, mismatch
     */
    @StringColumn_({nullable: true})
    artifact!: string | undefined | null

    /**
     * from offer to result
     */
    @BigIntColumn_({nullable: false})
    lagMs!: bigint

    @StringColumn_({nullable: false})
    bodySha256!: string

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    postedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
