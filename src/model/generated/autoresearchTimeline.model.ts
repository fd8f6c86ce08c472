import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * What happened to a submission, with reason codes. Projection `autoresearch_timelines` (platform log).
 */
@Index_(["netuid", "submissionId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchTimeline {
    constructor(props?: Partial<AutoresearchTimeline>) {
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
    happened!: string

    @StringColumn_({nullable: true})
    reasonCode!: string | undefined | null

    @BytesColumn_({nullable: true})
    actor!: Uint8Array | undefined | null

    @StringColumn_({nullable: true})
    detail!: string | undefined | null

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    atMs!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
