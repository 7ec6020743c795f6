"""Strangers' bytes in, `RawItem`s and `Extract`s out. The foreign formats die here."""
