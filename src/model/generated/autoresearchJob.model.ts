import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A replay that was offered to a validator, until its result. Projection `autoresearch_jobs` (platform log).
 */
@Index_(["netuid", "jobId", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "validator"], {unique: false})
@Index_(["netuid", "submissionId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchJob {
    constructor(props?: Partial<AutoresearchJob>) {
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

    @IntColumn_({nullable: false})
    attempt!: number

    @StringColumn_({nullable: false})
    specHash!: string

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    offeredAt!: bigint

    /**
     * accepted, rejected, error
     */
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
