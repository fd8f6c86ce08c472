import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, FloatColumn as FloatColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * Peers reached their quorum. Projection `autoresearch_peers` (platform log).
 */
@Index_(["netuid", "submissionId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchPeerConsensus {
    constructor(props?: Partial<AutoresearchPeerConsensus>) {
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

    @IntColumn_({nullable: false})
    accepted!: number

    @IntColumn_({nullable: false})
    rejected!: number

    @FloatColumn_({nullable: true})
    median!: number | undefined | null

    @IntColumn_({nullable: false})
    threshold!: number

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    reachedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
