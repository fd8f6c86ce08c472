import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A submission that implements the idea of another one. Projection `autoresearch_ideas` (platform log).
 */
@Index_(["netuid", "submissionId"], {unique: false})
@Index_(["netuid", "ideaHotkey"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchIdea {
    constructor(props?: Partial<AutoresearchIdea>) {
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
    implementsSubmissionId!: string

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    @BytesColumn_({nullable: false})
    ideaHotkey!: Uint8Array

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    linkedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
